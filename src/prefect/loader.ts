import { loadById } from '../loader.ts'
import { connectionsById } from './connection.ts'

/** Connections of the viewer's workspace, also those that have ended: what was learned from them still names them. */
export const prefectServersById = loadById(({ core, viewer }, ids) => connectionsById(core.database, viewer.workspaceId, ids))
