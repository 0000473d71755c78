/** As much of markdown-it as is called here. */
declare module 'markdown-it' {
  export interface Token {
    type: string
    tag: string
    content: string
    level: number
    attrs: [string, string][] | null
    children: Token[] | null
    attrGet(name: string): string | null
  }
  export type Rule = (tokens: Token[], index: number) => string
  export default class MarkdownIt {
    constructor(options: { html: boolean; linkify: boolean; typographer: boolean })
    readonly renderer: {
      readonly rules: Record<string, Rule | undefined>
      render(tokens: Token[], options: unknown, environment: unknown): string
    }
    readonly utils: { escapeHtml(text: string): string }
    readonly options: unknown
    parse(source: string, environment: unknown): Token[]
  }
}
