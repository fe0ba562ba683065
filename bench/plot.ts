// The plot of growth, as SVG: each curve's cost as a multiple of its cheapest point, over the size.

import type { Curve } from './growth.js'

const WIDTH = 720
const HEIGHT = 400
const LEFT = 60
const RIGHT = 20
const TOP = 30
const BOTTOM = 120
const COLOURS = ['#1f77b4', '#d62728', '#2ca02c', '#9467bd']

/** The plot of some curves, a whole SVG document with its line end. */
export function plot(curves: readonly Curve[]): string {
  const sizes = curves.flatMap(({ points }) => points.map(({ size }) => size))
  const decades = Math.max(1, Math.ceil(Math.log10(Math.max(...sizes))))
  const highest = Math.ceil(Math.max(2, ...curves.flatMap(multiplesOf)))
  const x = (size: number): string =>
    (LEFT + ((WIDTH - LEFT - RIGHT) * Math.log10(size)) / decades).toFixed(1)
  const y = (multiple: number): string =>
    (HEIGHT - BOTTOM - ((HEIGHT - BOTTOM - TOP) * multiple) / highest).toFixed(1)
  const across = (multiple: number, style: string): string =>
    `<path d="M${x(1)} ${y(multiple)}H${WIDTH - RIGHT}" ${style}/>`
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" font-family="sans-serif" font-size="13">`,
    `<rect width="${WIDTH}" height="${HEIGHT}" fill="white"/>`,
    `<text x="${LEFT}" y="18">CPU time of the server for one of it, as a multiple of the cheapest</text>`,
    ...steps(highest).flatMap((multiple) => [
      across(multiple, 'stroke="#ddd"'),
      `<text x="${LEFT - 8}" y="${y(multiple)}" dy="4" text-anchor="end">${multiple}</text>`,
    ]),
    across(1.5, 'stroke="#888" stroke-dasharray="4 4"'),
    ...steps(decades).map((decade) => {
      const size = 10 ** decade
      return `<text x="${x(size)}" y="${HEIGHT - BOTTOM + 20}" text-anchor="middle">${size.toLocaleString('en')}</text>`
    }),
    ...curves.flatMap((curve, n) => drawn(curve, n, x, y)),
    '</svg>',
    '',
  ].join('\n')
}

function drawn(
  curve: Curve,
  n: number,
  x: (size: number) => string,
  y: (multiple: number) => string,
): readonly string[] {
  const colour = COLOURS[n % COLOURS.length] ?? 'black'
  const multiples = multiplesOf(curve)
  const places = curve.points.map(({ size }, i) => [x(size), y(multiples[i] ?? NaN)] as const)
  const legend = HEIGHT - BOTTOM + 50 + n * 22
  return [
    `<polyline points="${places.map((place) => place.join()).join(' ')}" fill="none" stroke="${colour}" stroke-width="2"/>`,
    ...places.map(([left, top]) => `<circle cx="${left}" cy="${top}" r="3" fill="${colour}"/>`),
    `<path d="M${LEFT} ${legend}h30" stroke="${colour}" stroke-width="2"/>`,
    `<text x="${LEFT + 40}" y="${legend}" dy="4">${curve.label}</text>`,
  ]
}

function multiplesOf({ points }: Curve): readonly number[] {
  const cheapest = Math.min(...points.map(({ cost }) => cost))
  return points.map(({ cost }) => cost / cheapest)
}

/** 0, 1, 2, … to the last. */
function steps(last: number): readonly number[] {
  return Array.from({ length: last + 1 }, (_, n) => n)
}
