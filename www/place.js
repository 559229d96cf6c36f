// Where nosale's own files are.

/**
 * The address of a file, given the one beside the script. The package has a file of its own in place
 * of this one (www/package/place.js): bundlers give its files other names. A function declaration, which
 * esbuild leaves out where it is called.
 * @param {string} address
 */
export function place(address) {
  return address;
}
