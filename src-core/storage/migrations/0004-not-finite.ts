import type { Migration } from './index.ts'

/**
 * Where a metric first was NaN or infinite, found without reading its points: the buckets of metric_buckets forget
 * such a value unless it is their last. The index holds these points alone, so it is empty for most metrics.
 */
export const notFinite: Migration = {
  version: 4,
  name: 'not-finite',
  up: `
CREATE INDEX metric_points_not_finite ON metric_points (metric_id, step) WHERE kind <> 0;
`,
}
