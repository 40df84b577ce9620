import { run } from './command.ts'
import { NetworkLab } from './network-lab.ts'

/** Why the lab cannot be built here; undefined when it can. Found out by building one. */
export async function missingForLab(): Promise<string | undefined> {
  if (process.platform !== 'linux') return `network namespaces are Linux’s (this is ${process.platform})`
  if (process.getuid?.() !== 0) return 'making network namespaces needs root'
  for (const [command, origin] of [
    ['ip', 'iproute2'],
    ['bridge', 'iproute2'],
    ['unshare', 'util-linux'],
    ['nsenter', 'util-linux'],
  ] as const)
    if (
      !(await run(command, ['-V']).then(
        () => true,
        () => false,
      ))
    )
      return `the command ${command} (${origin}) is missing`
  try {
    await using lab = await NetworkLab.create()
    await lab.client('trial', {})
    return undefined
  } catch (error) {
    return error instanceof Error ? (error.message.split('\n').at(-1) ?? error.message) : String(error)
  }
}
