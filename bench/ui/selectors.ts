/** Where the benchmark finds things in the window. */
export const firstRow = 'tr[data-run]'
/** Two orders may begin with the same run, but not with the same thirty. */
export const shownRows = '.runs-viewport tbody'
export const rowCount = '.toolbar .count'
export const filterField = '#filter'
export const tableViewport = '.runs-viewport'
/** Titles of the columns; those of name and train loss are sorted by. */
export const columnTitle = 'thead .head .title'
export const sortedColumns = [0, 5] as const
export const openComparison = '[aria-label="Selected runs"] button:has-text("Compare")'
export const chart = '[role="tabpanel"] canvas'
