import type { Page } from '@playwright/test'

/** Begins to note what the page's own code does against its content security policy. */
export async function watchPolicy(page: Page): Promise<void> {
  await page.evaluate(() => {
    const violations: string[] = []
    Object.assign(window, { policyViolations: violations })
    document.addEventListener('securitypolicyviolation', ({ effectiveDirective, blockedURI, sourceFile, lineNumber }) =>
      violations.push(`${effectiveDirective} ${blockedURI} ${sourceFile}:${lineNumber}`),
    )
  })
}

export function policyViolations(page: Page): Promise<string[]> {
  return page.evaluate(() => Reflect.get(window, 'policyViolations') as string[])
}
