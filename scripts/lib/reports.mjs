/** @typedef {{ passed: number, failed: number }} Count */

/**
 * Counts the tests of Vitest's JSON report. A file that could not be loaded counts as one failure, and so does a run
 * that failed without a failed test.
 * @param {any} report
 * @param {number} code exit status
 * @returns {Count}
 */
export function countVitest(report, code) {
  if (!report) return { passed: 0, failed: 1 }
  const broken = (report.testResults ?? []).filter(
    (file) => file.status === 'failed' && file.assertionResults.length === 0,
  )
  return settle({ passed: report.numPassedTests, failed: report.numFailedTests + broken.length }, code)
}

/**
 * Counts the tests of Playwright's JSON report, as countVitest does.
 * @param {any} report
 * @param {number} code exit status
 * @returns {Count}
 */
export function countPlaywright(report, code) {
  if (!report) return { passed: 0, failed: 1 }
  const { expected, flaky, unexpected } = report.stats
  return settle({ passed: expected + flaky, failed: unexpected + report.errors.length }, code)
}

const settle = ({ passed, failed }, code) => ({ passed, failed: code !== 0 && failed === 0 ? 1 : failed })
