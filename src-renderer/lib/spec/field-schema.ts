import { z } from 'zod'
import { runSpecSchema } from '../../../src-core/domain/spec/run-spec.ts'

/** What the schema says of a field. */
export interface FieldFacts {
  readonly description: string
  readonly nullable: boolean
  /** A list of plain values, which is one field. */
  readonly list: boolean
  /** The words or numbers of a field with few values; empty otherwise. */
  readonly choices: readonly (string | number)[]
}

function unwrapped(schema: z.ZodType | undefined): z.ZodType | undefined {
  return schema instanceof z.ZodNullable ? (schema.unwrap() as z.ZodType) : schema
}

function child(schema: z.ZodType | undefined, key: string): z.ZodType | undefined {
  const inner = unwrapped(schema)
  if (inner instanceof z.ZodObject) return (inner.shape as Record<string, z.ZodType>)[key]
  return inner instanceof z.ZodArray ? (inner.element as z.ZodType) : undefined
}

function choicesOf(schema: z.ZodType | undefined): (string | number)[] {
  if (schema instanceof z.ZodEnum) return schema.options as (string | number)[]
  if (!(schema instanceof z.ZodUnion)) return []
  return schema.options.flatMap((one) => (one instanceof z.ZodLiteral ? ([...one.values] as (string | number)[]) : []))
}

/** What the schema says of the field at a dotted path; list items go by number. */
export function fieldFacts(path: string): FieldFacts {
  const schema = path.split('.').reduce<z.ZodType | undefined>(child, runSpecSchema)
  const inner = unwrapped(schema)
  return {
    description: schema?.description ?? inner?.description ?? '',
    nullable: schema instanceof z.ZodNullable,
    list: inner instanceof z.ZodArray,
    choices: choicesOf(inner),
  }
}

/** The whole object or list that changes when this field does, because it may be absent altogether (no pool). */
export function ownerOf(path: string): string {
  const owner =
    /^(model\.convolutions\.\d+\.pool|model\.dense\.\d+\.dropout|training\.schedule\.table|training\.classWeights)\./.exec(
      path,
    )
  return owner?.[1] ?? path
}
