/** The functions of jstat that are called here; the package has no types of its own. */
declare module 'jstat' {
  interface JStat {
    /** Natural logarithm of the gamma function. */
    gammaln(x: number): number
    /** Regularised incomplete beta function I_x(a, b). */
    ibeta(x: number, a: number, b: number): number
    readonly studentt: { inv(p: number, degreesOfFreedom: number): number }
    readonly noncentralt: { cdf(x: number, degreesOfFreedom: number, noncentrality: number): number }
    readonly normal: { inv(p: number, mean: number, standardDeviation: number): number }
    readonly chisquare: { cdf(x: number, degreesOfFreedom: number): number }
    readonly binomial: { cdf(successes: number, trials: number, probability: number): number }
  }
  const jStat: JStat
  export default jStat
}
