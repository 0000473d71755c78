/**
 * The two-sided 95 % point of Student's t distribution: 97.5 % of it lie below. Exact for 1 and 2 degrees of freedom,
 * otherwise by G. W. Hill, Algorithm 396, Communications of the ACM 13 (1970), good to five figures.
 */
export function student975(degreesOfFreedom: number): number {
  const n = degreesOfFreedom
  const p = 0.05
  if (n < 1) return NaN
  if (n === 1) return 1 / Math.tan((p * Math.PI) / 2)
  if (n === 2) return Math.sqrt(2 / (p * (2 - p)) - 2)
  const a = 1 / (n - 0.5)
  const b = (48 / a) * (1 / a)
  let c = ((20700 * a) / b - 98) * a - 16
  c = c * a + 96.36
  const d = ((94.5 / (b + c) - 3) / b + 1) * Math.sqrt(a * (Math.PI / 2)) * n
  let y = (d * p) ** (2 / n)
  if (y > 0.05 + a) {
    // 1.959964 is the same point of the normal distribution, its square 3.841459.
    const x = -1.959963985
    y = x * x
    if (n < 5) c += 0.3 * (n - 4.5) * (x + 0.6)
    c = (((0.05 * d * x - 5) * x - 7) * x - 2) * x + b + c
    y = (((((0.4 * y + 6.3) * y + 36) * y + 94.5) / c - y - 3) / b + 1) * x
    y = Math.expm1(a * y * y)
  } else {
    y =
      ((1 / (((n + 6) / (n * y) - 0.089 * d - 0.822) * (n + 2) * 3) + 0.5 / (n + 4)) * y - 1) * ((n + 1) / (n + 2)) +
      1 / y
  }
  return Math.sqrt(n * y)
}
