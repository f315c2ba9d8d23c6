// SPDX-License-Identifier: MIT
// Claims of JavaScript, as TAP. A claim is a function, whose name is the claim; it throws where it does not hold.

export class Skip extends Error {}

export async function claims(...list) {
  let failed = 0;
  for (const [i, claim] of list.entries()) {
    let line = `ok ${i + 1} - ${claim.name}`;
    try {
      await claim();
    } catch (error) {
      if (error instanceof Skip) {
        line += ` # SKIP ${error.message}`;
      } else {
        failed++;
        line = `not ${line}\n${error.stack.replace(/^/gm, '# ')}`;
      }
    }
    console.log(line);
  }
  console.log(`1..${list.length}`);
  process.exitCode = failed ? 1 : 0;
}

export function check(holds, what) {
  if (!holds) throw new Error(what);
}

export function same(got, expected, what = 'value') {
  const a = JSON.stringify(ArrayBuffer.isView(got) ? [...got] : got);
  const b = JSON.stringify(ArrayBuffer.isView(expected) ? [...expected] : expected);
  if (a !== b) throw new Error(`${what} is ${a?.slice(0, 200)}, expected ${b?.slice(0, 200)}`);
}

/** What f throws. */
export async function failure(f) {
  try {
    await f();
  } catch (error) {
    return error;
  }
  throw new Error(`${f} does not fail`);
}
