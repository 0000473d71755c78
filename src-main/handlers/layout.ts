import type { Handlers } from '../../src-core/contract/procedures/index.ts'
import type { Workspace } from '../../src-core/storage/workspace.ts'

type LayoutHandlers = Pick<Handlers, Extract<keyof Handlers, `${'layout' | 'views'}.${string}`>>

export function layoutHandlers(layout: Workspace['layout']): LayoutHandlers {
  return {
    'layout.get': () => layout.get(),
    'layout.update': (sections) => {
      layout.update(sections)
    },
    'views.list': () => layout.views(),
    'views.save': (view) => layout.saveView(view),
    'views.delete': ({ viewId }) => {
      layout.deleteView(viewId)
    },
  }
}
