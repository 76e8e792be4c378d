"""Curves on the plane, pure functions: what the hand's path is made of."""

import math


def catmull_rom(points, step):
    """A smooth curve through `points` (centripetal, so that it does not loop), sampled every `step`."""
    points = [p for i, p in enumerate(points) if i == 0 or math.dist(p, points[i - 1]) > 1e-6]
    if len(points) < 2:
        return list(points)
    first, last = points[0], points[-1]
    before = (2 * first[0] - points[1][0], 2 * first[1] - points[1][1])
    after = (2 * last[0] - points[-2][0], 2 * last[1] - points[-2][1])
    knots = [before, *points, after]
    curve = []
    for p0, p1, p2, p3 in zip(knots, knots[1:], knots[2:], knots[3:]):
        t1 = math.dist(p0, p1) ** 0.5
        t2 = t1 + math.dist(p1, p2) ** 0.5
        t3 = t2 + math.dist(p2, p3) ** 0.5
        count = max(1, round(math.dist(p1, p2) / step))
        for k in range(count):
            t = t1 + (t2 - t1) * k / count
            a1 = _between(p0, p1, 0, t1, t)
            a2 = _between(p1, p2, t1, t2, t)
            a3 = _between(p2, p3, t2, t3, t)
            curve.append(_between(_between(a1, a2, 0, t2, t), _between(a2, a3, t1, t3, t), t1, t2, t))
    return [*curve, last]


def _between(a, b, ta, tb, t):
    w = (t - ta) / (tb - ta)
    return (a[0] + (b[0] - a[0]) * w, a[1] + (b[1] - a[1]) * w)


def length(curve):
    return sum(math.dist(a, b) for a, b in zip(curve, curve[1:]))


def resample(curve, step):
    """Points at equal distances along a curve; its ends stay."""
    total = length(curve)
    count = max(2, round(total / step)) if total > 0 else 1
    marks, out, walked, at = [total * k / count for k in range(count)], [], 0.0, 0
    for mark in marks:
        while at < len(curve) - 2 and walked + math.dist(curve[at], curve[at + 1]) < mark:
            walked += math.dist(curve[at], curve[at + 1])
            at += 1
        piece = math.dist(curve[at], curve[at + 1]) or 1.0
        out.append(_between(curve[at], curve[at + 1], 0, 1, min(1.0, (mark - walked) / piece)))
    return [*out, curve[-1]]


def soften(values, radius):
    """A moving average with a raised-cosine window that shrinks towards the ends, so that they stay."""
    out = []
    for i in range(len(values)):
        reach = min(radius, i, len(values) - 1 - i)
        total = [0.0] * len(values[i])
        weights = 0.0
        for k in range(-reach, reach + 1):
            w = 1 + math.cos(math.pi * k / (reach + 1))
            weights += w
            for d, value in enumerate(values[i + k]):
                total[d] += w * value
        out.append(tuple(t / weights for t in total))
    return out


def curvature(curve, i, reach):
    """The turn per distance around a point, from points `reach` before and after it."""
    a, b, c = curve[max(0, i - reach)], curve[i], curve[min(len(curve) - 1, i + reach)]
    ab, bc = math.dist(a, b), math.dist(b, c)
    if ab < 1e-6 or bc < 1e-6:
        return 0.0
    turn = math.atan2(c[1] - b[1], c[0] - b[0]) - math.atan2(b[1] - a[1], b[0] - a[0])
    turn = abs((turn + math.pi) % (2 * math.pi) - math.pi)
    return 2 * turn / (ab + bc)


def bezier(p0, p1, p2, p3, count):
    """A cubic between two pen positions."""
    out = []
    for k in range(1, count):
        t = k / count
        u = 1 - t
        w = (u * u * u, 3 * u * u * t, 3 * u * t * t, t * t * t)
        out.append(tuple(sum(wi * p[d] for wi, p in zip(w, (p0, p1, p2, p3))) for d in (0, 1)))
    return out
