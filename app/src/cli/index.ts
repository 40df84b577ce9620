/**
 * Purpose. `pigeon`: rooms from a terminal, for people and for scripts, and rosters of organisations.
 * Promises. Foreign text cannot move the cursor, colour, or forge a line; every way out has its exit code.
 * Does not. Have sound or picture.
 * May import. config, dht, platform, @p2pigeon/core, @p2pigeon/core/node, @p2pigeon/core/people.
 */
export { runCli, type CliPorts } from './run-cli.ts'
