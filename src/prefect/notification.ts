// How a node hears that a connection was made, is to be followed in another way, or has ended. A trigger tells of it, and
// says no more than that: who hears looks at all connections, which are few.
export const connectionChannel = 'mayday_connection'
