import { UsageError } from '@p2pigeon/core'

/** A variable of the environment is wrong. `message` is one line for the person who set it and holds no piece of the value. */
export class ConfigError extends UsageError {
  readonly variable: string

  constructor(variable: string, problem: string, example: string) {
    super('bad-config', `${variable} ${problem}. Example: ${variable}=${example}`)
    this.variable = variable
  }
}
