/** The project's folder: tap runs every test in it, whether its source or what was built of it. */
export const ROOT = process.cwd()
