// Loaded into a measured process before its own code (`--import`): tells over IPC what the process has used so far.
process.on('message', () => process.send?.({ cpu: process.cpuUsage(), memory: process.memoryUsage() }))
// Who measures must not keep the process from ending; but nothing that was measured outlives who measured.
process.channel?.unref()
process.on('disconnect', () => process.exit())
