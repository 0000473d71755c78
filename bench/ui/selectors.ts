/** Where the benchmark finds things in the window. */
export const firstRow = 'tr[data-run]'
export const rowCount = '.toolbar .count'
export const filterField = '#filter'
export const tableViewport = '.runs-viewport'
export const sortedColumns = ['thead th:nth-of-type(4) button', 'thead th:nth-of-type(1) button'] as const
export const openComparison = '.toolbar button:has-text("Compare")'
export const chart = '[role="tabpanel"] canvas'
export const comparedChip = '.chips [role="group"]'
