/* Builds a lab, says the id of a process in it, and never closes it: the crash test kills this process. */
import { NetworkLab } from './network-lab.ts'

const lab = await NetworkLab.create()
const client = await lab.client('abandoned', { nat: 'cone' })
await client.agent()
console.log(String(client.pid))
