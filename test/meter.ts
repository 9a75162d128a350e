/**
 * Begins to measure what this process does. What it gives tells the cost so far, in milliseconds: at most the CPU time
 * of the process, which counts the threads that collect garbage, and at most the time that has passed, which counts
 * other processes.
 */
export function meter(): () => number {
  const [began, before] = [performance.now(), process.cpuUsage()];
  return () => {
    const { user, system } = process.cpuUsage(before);
    return Math.min((user + system) / 1000, performance.now() - began);
  };
}
