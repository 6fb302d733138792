/** Facts of a change that are part of its hash: ids, numbers, enum values. No personal text. */
export type ChangeData = Record<string, string | number | boolean | null | string[]>
/** Texts that people wrote. The hash covers their salted digest only, so that they can be redacted. */
export type ChangeText = Record<string, string>

/** A kind of change: its name, the facts it carries, and how it reads after the name of whoever did it. */
export interface ChangeKind<Data extends ChangeData = ChangeData, Text extends ChangeText = ChangeText> {
  readonly name: string
  readonly wording: (facts: { data: Data; text: Partial<Text> }) => string
}

/** Declares a kind; the domain's events.ts lists its own. */
export function changeKind<Data extends ChangeData = Record<never, never>, Text extends ChangeText = Record<never, never>>(
  name: string,
  wording: ChangeKind<Data, Text>['wording']
): ChangeKind<Data, Text> {
  return { name, wording }
}
