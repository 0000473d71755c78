import type { Client } from '../../../src-core/contract/client.ts'
import type { ReportRequest } from '../../../src-core/domain/report/report-request.ts'
import { explain } from '../../lib/error-hints.ts'

/** While somebody types nothing is asked for, in milliseconds. */
const settleTime = 250

/**
 * The page of a report as it would be saved. One is made at a time, since each reads whole histories: of what was
 * wished for meanwhile only the newest is made next.
 */
export class ReportPreviews {
  shown = $state.raw<{ readonly style: string; readonly body: string } | null>(null)
  /** Why the newest wish could not be fulfilled. */
  problem = $state<string | null>(null)
  private wanted: ReportRequest | null = null
  private underWay = false
  private timer: ReturnType<typeof setTimeout> | undefined
  private readonly client: Client

  constructor(client: Client) {
    this.client = client
  }

  want(request: ReportRequest): void {
    this.wanted = request
    clearTimeout(this.timer)
    this.timer = setTimeout(() => void this.next(), settleTime)
  }

  dispose(): void {
    this.wanted = null
    clearTimeout(this.timer)
  }

  private async next(): Promise<void> {
    const request = this.wanted
    if (this.underWay || request === null) return
    this.wanted = null
    this.underWay = true
    try {
      const answer = await this.client.call('reports.preview', request)
      this.shown = answer
      this.problem = null
    } catch (error) {
      this.problem = explain(error)
    }
    this.underWay = false
    void this.next()
  }
}
