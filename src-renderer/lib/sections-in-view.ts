/** Sections of the layout that are no view's own: how charts are drawn, and what is looked at of networks. */
const shared = ['charts', 'reference-curves', 'features']

/** Whether what a section of the layout decides can be seen in a view: only there a change of it is taken back. */
export function isShownIn(view: string, section: string): boolean {
  if (view === 'runs') return section === 'runs-table'
  if (view === 'compare') return section.startsWith('compare') || shared.includes(section)
  return view === 'run' && shared.includes(section)
}
