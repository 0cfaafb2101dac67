/** What a runtime cannot tell, by the name of the workload that would show it, with the reason. */
export const limits: Record<string, Record<string, string>> = {}
