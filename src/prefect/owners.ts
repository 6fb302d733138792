const ownerLabels = ['owner', 'owners', 'team']
const ownerTag = /^(?:owner|team):(.+)$/

/** Whom to call, as labels (`owner`, `owners`, `team`; several parted by commas) and tags (`owner:…`, `team:…`) tell it. */
export function ownersOf(labels: Readonly<Record<string, string>>, tags: readonly string[]): string[] {
  const named = [...ownerLabels.flatMap((label) => labels[label]?.split(',') ?? []), ...tags.flatMap((tag) => ownerTag.exec(tag)?.[1] ?? [])]
  return [...new Set(named.map((name) => name.trim()).filter((name) => name !== ''))]
}
