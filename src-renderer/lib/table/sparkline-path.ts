/** The path of a trend in a box of pixels; what is not finite leaves a gap. Empty for fewer than two values. */
export function sparklinePath(values: readonly number[], width: number, height: number): string {
  const finite = values.filter(Number.isFinite)
  if (finite.length < 2) return ''
  const [low, high] = [Math.min(...finite), Math.max(...finite)]
  const inner = { left: 1, top: 2, width: width - 2, height: height - 4 }
  const x = (index: number): number => inner.left + (index / (values.length - 1)) * inner.width
  const y = (value: number): number => inner.top + (high === low ? 0.5 : (high - value) / (high - low)) * inner.height
  let pen = false
  return values
    .map((value, index) => {
      if (!Number.isFinite(value)) {
        pen = false
        return ''
      }
      const point = `${pen ? 'L' : 'M'}${x(index).toFixed(1)} ${y(value).toFixed(1)}`
      pen = true
      return point
    })
    .join('')
}
