/**
 * Builds the preview of a report without handing markup to the browser, which the window's policy refuses: elements and
 * attributes from a list are made one by one, everything else is left out.
 */

const tags = new Set(
  'main header section div h1 h2 h3 h4 h5 h6 p table thead tbody tr th td figure figcaption details summary pre code em strong s ul ol li blockquote hr br img span bdi svg g path rect circle text title'.split(
    ' ',
  ),
)
const attributes = new Set(
  'class id scope role tabindex alt start viewBox d x y dy cx cy r width height transform text-anchor stroke-dasharray aria-label aria-hidden'.split(
    ' ',
  ),
)
const empty = new Set(['img', 'br', 'hr'])
const svgSpace = 'http://www.w3.org/2000/svg'

const entities: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', '#39': "'" }

function plain(text: string): string {
  return text.replace(/&(amp|lt|gt|quot|#39);/g, (_, name: string) => entities[name]!)
}

function setAttributes(element: Element, text: string): void {
  for (const [, name, value] of text.matchAll(/([\w-]+)="([^"]*)"/g)) {
    const isPicture = name === 'src' && /^data:image\/(png|jpeg|gif|webp);/.test(value!)
    if (attributes.has(name!) || isPicture) element.setAttribute(name!, plain(value!))
  }
}

function elementFor(tag: string, parent: Node): Element {
  const inSvg = tag === 'svg' || (parent instanceof SVGElement && parent.namespaceURI === svgSpace)
  return inSvg ? document.createElementNS(svgSpace, tag) : document.createElement(tag)
}

/** Appends what the HTML of a report stands for. Only what `reports.preview` answers is understood: it is well-formed. */
export function appendReport(root: Node, html: string): void {
  const open: Node[] = [root]
  // Below an element that is left out nothing is appended, but its end must be found.
  for (const [token, slash, tag, rest] of html.matchAll(
    /<(\/?)([a-z]+[1-6]?)((?:\s+[\w-]+(?:="[^"]*")?)*)\s*\/?>|[^<]+/gi,
  )) {
    const parent = open.at(-1)!
    if (tag === undefined) parent.appendChild(document.createTextNode(plain(token)))
    else if (slash) {
      if (open.length > 1) open.pop()
    } else {
      const element = tags.has(tag) ? elementFor(tag, parent) : document.createElement('span')
      setAttributes(element, rest ?? '')
      parent.appendChild(element)
      if (!empty.has(tag) && !token.endsWith('/>')) open.push(element)
    }
  }
}
