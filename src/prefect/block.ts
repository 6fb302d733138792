// The blocks that templates draw from. Pure.

/** `{{ prefect.blocks.<type>.<name> }}`, as deployments and work pools write it. */
const placeholder = /prefect\.blocks\.([\w-]+)\.([\w-]+)/g

/** The blocks that a template names, each as `<type> <name>`. */
export function blockNamesIn(template: unknown): string[] {
  if (template === undefined || template === null) return []
  // `join` makes a text of its own; what is only a part of the template's would keep all of that in memory.
  return [...new Set([...JSON.stringify(template).matchAll(placeholder)].map(([, type, name]) => [type, name].join(' ')))]
}
