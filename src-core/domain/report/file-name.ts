/** A name that every file system takes: no separators, no signs that Windows refuses, no dots at the ends. */
export function safeFileName(name: string): string {
  const plain = name
    .replaceAll(/[<>:"/\\|?*\p{Cc}]+/gu, ' ')
    .replaceAll(/\s+/g, ' ')
    .replaceAll(/^[. ]+|[. ]+$/g, '')
  return plain.slice(0, 120) || 'Ablate'
}
