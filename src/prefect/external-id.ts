/** What Prefect's events call a thing, so that both ways of hearing of it lead to the same resource. */
export function externalId(type: string, id: string): string {
  return `prefect.${type}.${id}`
}
