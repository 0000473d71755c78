import { attribute, types } from '../backend.ts'

export const floatType = attribute.type('T', types.float32)
export const channelsLast = attribute.text('data_format', 'NHWC')

export type Padding = 'same' | 'valid'

export const paddingAttribute = {
  same: attribute.text('padding', 'SAME'),
  valid: attribute.text('padding', 'VALID'),
} as const
