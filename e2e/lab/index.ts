/**
 * Purpose. A network of our own for journeys: hosts behind translators, firewalls and bad lines, every packet captured.
 * Promises. Nothing of a lab outlives its test or its process; what a capture does not find did not pass that segment.
 * Does not. Touch the network of the machine, need anything installed beyond iproute2 and util-linux, or know the product
 * outside `people.ts`.
 * May import. The harness, the test runner, Node.
 */
export { type Arrival, type Agent } from './agent.ts'
export { type Capture } from './capture.ts'
export { expect, test } from './fixtures.ts'
export { type Host } from './host.ts'
export { killLabInAnotherProcess, namespaceOf, processesIn } from './leftovers.ts'
export { NetworkLab, serverAddresses } from './network-lab.ts'
export { type LabPerson, startLabBootstrap } from './people.ts'
export { type Access } from './site.ts'
