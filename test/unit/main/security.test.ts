import { describe, expect, it } from 'vitest'
import { isLoadable } from '../../../src-main/security.ts'
import { escapeHtml, startFailurePages } from '../../../src-main/start-failure.ts'
import { WorkbenchError } from '../../../src-core/domain/errors.ts'

describe('what a page may load', () => {
  it.each(['app://ablate/x', 'devtools://devtools/x', 'blob:app://ablate/1', 'data:image/png;base64,'])(
    '%s',
    (address) => expect(isLoadable(address)).toBe(true),
  )
  it.each([
    'https://a/',
    'http://localhost/',
    'ws://a/',
    'wss://a/',
    'file:///etc/passwd',
    'ftp://a/',
    'chrome://gpu',
    '',
  ])('not %s', (address) => expect(isLoadable(address)).toBe(false))
})

describe('the page of a failed start', () => {
  it('says what happened and what to do, as text', async () => {
    const error = new WorkbenchError('workspace-newer', 'It was written by <b>Ablate 9</b>.')
    const html = String(await startFailurePages(error, '/w/"<i>', '/l').get('/index.html')!.read())
    expect(html).toContain('It was written by &lt;b&gt;Ablate 9&lt;/b&gt;.')
    expect(html).toContain('workspace-newer')
    expect(html).toContain('/w/&quot;&lt;i&gt;')
  })

  it('escapes what HTML would read', () => expect(escapeHtml(`<&>"'`)).toBe('&lt;&amp;&gt;&quot;&#39;'))
})
