import { tmpdir } from 'node:os'
import { Child } from './child.ts'
import { bareEnvironment, terminalClient } from './paths.ts'

type Event = Readonly<Record<string, unknown>> & { readonly type: string }

function parse(line: string): Event | undefined {
  if (!line.startsWith('{')) return undefined
  const value: unknown = JSON.parse(line)
  return typeof value === 'object' && value !== null && 'type' in value ? (value as Event) : undefined
}

/** Somebody in a terminal: `pigeon join … --json`. */
export class TerminalPeer {
  readonly name: string
  readonly #child: Child

  /** `road` are the options that say how this peer reaches others: `--bootstrap …` or `--relay …`. */
  constructor(name: string, link: string, road: readonly string[]) {
    this.name = name
    this.#child = new Child(terminalClient, ['join', link, '--json', '--ephemeral', '--name', name, ...road], {
      cwd: tmpdir(),
      env: { ...bareEnvironment(), PIGEON_DHT: 'local' },
    })
  }

  /** The first event, past or future, of this type that has these fields. */
  event(type: string, fields: Readonly<Record<string, unknown>> = {}): Promise<Event> {
    const wanted = Object.entries({ type, ...fields })
    return this.#child.line(`${this.name} to print ${JSON.stringify({ type, ...fields })}`, (line) => {
      const event = parse(line)
      return event && wanted.every(([key, value]) => event[key] === value) ? event : undefined
    })
  }

  /** Types a line; resolves when everyone in the room has it. */
  async say(text: string): Promise<void> {
    const before = this.#child.lineCount
    this.#child.write(text)
    const id = await this.#child.line(
      'the line to be accepted',
      (line) => {
        const event = parse(line)
        return event?.type === 'sent' ? event['id'] : undefined
      },
      { from: before },
    )
    await this.event('delivered', { id })
  }

  async leave(): Promise<number> {
    this.#child.endInput()
    return this.#child.exited
  }

  get exited(): Promise<number> {
    return this.#child.exited
  }

  async dispose(): Promise<void> {
    await this.#child.end('SIGKILL')
  }
}
