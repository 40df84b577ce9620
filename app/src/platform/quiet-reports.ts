/**
 * Native modules look at a report of this process, to learn which C library it has. The report asks the name service for every open socket: slow where there is
 * none, and it tells. Call it before such a module is loaded.
 */
export function quietReports(): void {
  // Not there in a build of Node without reports, whatever the types say.
  const report = process.report as NodeJS.ProcessReport | undefined
  if (report !== undefined) Object.assign(report, { excludeNetwork: true })
}
