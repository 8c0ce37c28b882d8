/**
 * An environment variable that the deployment must have set.
 * @throws Error that names it: a function that is set up wrongly fails at its start, not in the middle of its work.
 */
export function requireEnv(name: string): string {
  const value = process.env[name];
  if (value === undefined || value === '') throw new Error(`The environment variable ${name} is not set.`);
  return value;
}
