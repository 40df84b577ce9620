import { PigeonError } from '@p2pigeon/core'
import { systemClock } from '@p2pigeon/core/node'
import { loadConfig, readEnvironment } from './config/index.ts'
import { startNode } from './node/index.ts'
import { consoleLogger, describeFault, superviseProcess } from './platform/index.ts'

const log = consoleLogger()

try {
  await superviseProcess(async () => {
    const folder = process.cwd()
    const config = loadConfig(readEnvironment(folder, process.env), folder)
    const node = await startNode(config, { clock: systemClock, log })
    log.info(`P2Pigeon is ready: ${node.url}`)
    log.info(node.status().words)
    return node
  }, log)
} catch (error) {
  log.error(error instanceof PigeonError ? error.message : `The node could not start: ${describeFault(error)}`)
}
