// Calls functions of one module: reads {module, calls: [[name, ...arguments], ...]} from standard input and writes
// [{value} or {error}, ...]. An argument {"abort after": milliseconds} stands for an AbortSignal.
import { stdin, stdout } from "node:process";

const signals = (key, value) => {
  const delay = value?.["abort after"];
  if (delay === undefined) return value;
  return delay === 0 ? AbortSignal.abort() : AbortSignal.timeout(delay);
};

let text = "";
for await (const chunk of stdin.setEncoding("utf-8")) text += chunk;
const { module, calls } = JSON.parse(text, signals);
const functions = await import(module);
const results = [];
for (const [name, ...given] of calls) {
  try {
    results.push({ value: await functions[name](...given) });
  } catch (error) {
    results.push({ error: String(error) });
  }
}
stdout.write(JSON.stringify(results));
