// Questions whose answers are kept, and what shows in them that something was said.
export const wall = '{ incidents(filter: { active: true }) { totalCount nodes { title comments(last: 1) { nodes { body } } } } }'

export interface Wall {
  incidents: { totalCount: number; nodes: { title: string; comments: { nodes: { body: string }[] } }[] }
}

export const latest = ({ incidents }: Wall) => incidents.nodes[0]?.comments.nodes[0]?.body

export const one = 'query ($id: ID!) { incident(id: $id) { title comments(last: 1) { nodes { body } } } }'

export interface One {
  incident: { comments: { nodes: { body: string }[] } }
}

export const latestOfOne = ({ incident }: One) => incident.comments.nodes[0]?.body
