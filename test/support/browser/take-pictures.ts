/**
 * Takes the pictures of the documentation anew: `npm run pictures` those of the demo's tour, and
 * `npm run pictures -- reference` those of everything that the product shows; behind `reference` the
 * names of single sheets may follow.
 */
const [which, ...names] = process.argv.slice(2);
if (which === undefined) {
  const { takeTour } = await import('./take-tour.ts');
  await takeTour();
} else if (which === 'reference') {
  const { takeReference } = await import('./reference/take-reference.ts');
  await takeReference(names);
} else {
  throw new Error(`There are no pictures called ${which}: leave it out, or write reference.`);
}
