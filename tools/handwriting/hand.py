"""A hand that writes: from the strokes of a character as a school book shows them to a person's quick signature.

Each writer has habits (slant, rise, roundness, how often the pen stays down) that are drawn once from the seed
and hold for the whole name. A signature is running script: corners are rounded, strokes lean into the next one,
neighbouring strokes are joined by a light thread, and the last stroke runs out.
"""

import math
import random

from shapes import bezier, catmull_rom, curvature, length, resample, soften

STEP = 2.0  # distance of path points, in canvas units, before the pen is timed


class Habits:
    """What stays the same in one person's writing."""

    def __init__(self, seed):
        r = random.Random(f"habits {seed}")
        self.size = r.uniform(222, 262)
        self.width = r.uniform(0.82, 1.0)        # narrow or wide characters
        self.shear = r.uniform(0.02, 0.20)       # lean to the right
        self.rise = r.uniform(0.05, 0.13)        # horizontals climb
        self.line = r.uniform(-0.015, 0.07)      # the whole line climbs
        self.pitch = r.uniform(0.86, 0.98)       # distance of characters, in widths
        self.round = r.uniform(0.05, 0.085)      # corner radius, in sizes
        self.join = r.uniform(0.66, 0.98)         # how gladly the pen stays down
        self.reach = r.uniform(0.36, 0.52)       # the longest thread, in sizes
        self.bow = r.uniform(0.02, 0.05)         # long strokes are bowed
        self.loose = r.uniform(0.016, 0.028)     # how far strokes land from their place
        self.speed = r.uniform(1450, 1850)       # canvas units a second on a straight stretch
        self.press = r.uniform(0.56, 0.72)
        self.surname = r.uniform(1.0, 1.16)      # the surname is written larger
        self.tail = r.uniform(0.12, 0.34)        # how far the last stroke runs out


def write(name, medians, seed, width, height):
    """The pen-down strokes of a signature: lists of (x, y, t_ms, pressure)."""
    habits = Habits(seed)
    r = random.Random(f"writing {seed} {name}")
    paths, origin = [], 0.0
    for index, character in enumerate(name):
        size = habits.size * (habits.surname if index == 0 else r.uniform(0.88, 1.02))
        strokes = place(medians[character], habits, r, size, origin, index)
        if index == len(name) - 1:
            strokes[-1] = run_out(strokes[-1], habits, r, size)
        paths += join(strokes, habits, r, size)
        origin += size * habits.width * habits.pitch * r.uniform(0.94, 1.05)
    paths = fit(paths, width, height)
    return clock(paths, habits, r)


def place(strokes, habits, r, size, origin, index):
    """A character's strokes on the canvas, written loosely."""
    scale = size / 1024
    drift = r.gauss(0, 0.02) * size
    squeeze = r.uniform(0.95, 1.05)
    placed = []
    for stroke in strokes:
        points = [(x, 900 - y) for x, y in stroke]
        cx = sum(p[0] for p in points) / len(points)
        cy = sum(p[1] for p in points) / len(points)
        turn = r.gauss(0, 0.028)
        grow = r.gauss(1.0, 0.035)
        dx, dy = r.gauss(0, habits.loose) * 1024, r.gauss(0, habits.loose) * 1024
        moved = []
        for x, y in points:
            x, y = x - cx, y - cy
            x, y = x * math.cos(turn) - y * math.sin(turn), x * math.sin(turn) + y * math.cos(turn)
            x, y = x * grow + cx + dx, y * grow + cy + dy
            y -= habits.rise * (x - 512)
            x += habits.shear * (512 - y)
            moved.append((origin + (x - 512) * scale * habits.width * squeeze, (y - 512) * scale + drift - habits.line * origin))
        curve = resample(catmull_rom(moved, STEP), STEP)
        curve = bend(curve, habits.bow * r.uniform(0.3, 1.3), size)
        curve = soften(curve, round(habits.round * size / STEP))
        placed.append(curve)
    return placed


def bend(curve, amount, size):
    """Bows a nearly straight stroke: nobody draws with a ruler. Horizontals arch, verticals lean back."""
    span = math.dist(curve[0], curve[-1])
    if span < 0.25 * size or length(curve) > 1.12 * span:
        return curve
    ux, uy = (curve[-1][0] - curve[0][0]) / span, (curve[-1][1] - curve[0][1]) / span
    count = len(curve) - 1
    out = []
    for i, (x, y) in enumerate(curve):
        lift = amount * span * math.sin(math.pi * i / count)
        out.append((x + uy * lift, y - ux * lift))
    return out


def run_out(curve, habits, r, size):
    """The last stroke of the name goes on for a little, bending with its own curve."""
    i = max(0, len(curve) - 12)
    angle = math.atan2(curve[-1][1] - curve[i][1], curve[-1][0] - curve[i][0])
    distance = min(habits.tail * size, 0.3 * length(curve)) * r.uniform(0.7, 1.2)
    turn = r.uniform(-0.5, 0.15) / max(1, distance / STEP)
    out = list(curve)
    for _ in range(round(distance / STEP)):
        angle += turn
        out.append((out[-1][0] + STEP * math.cos(angle), out[-1][1] + STEP * math.sin(angle)))
    return soften(out, 8)


def heading(curve, end):
    """The direction of the pen at a curve's start or end."""
    a, b = (curve[-min(9, len(curve))], curve[-1]) if end else (curve[0], curve[min(8, len(curve) - 1)])
    span = math.dist(a, b) or 1.0
    return ((b[0] - a[0]) / span, (b[1] - a[1]) / span)


def join(strokes, habits, r, size):
    """Puts strokes together into pen-down paths of (x, y, weight); a thread between strokes is light."""
    paths, current = [], []
    for i, stroke in enumerate(strokes):
        weighted = [(x, y, 1.0) for x, y in stroke]
        current += weighted
        if i == len(strokes) - 1:
            break
        following = strokes[i + 1]
        gap = math.dist(stroke[-1], following[0])
        reach = habits.reach * size
        sin, sout = heading(stroke, True), heading(following, False)
        to = ((following[0][0] - stroke[-1][0]) / (gap or 1), (following[0][1] - stroke[-1][1]) / (gap or 1))
        # A thread that must turn right round is rarely drawn; a short one that flows nearly always is.
        flow = (sin[0] * to[0] + sin[1] * to[1] + to[0] * sout[0] + to[1] * sout[1]) / 2
        gladly = habits.join + 0.22 * flow - 0.35 * max(0.0, gap / reach - 0.5)
        if gap < reach and r.random() < gladly:
            current = thread(current, following, gap, sin, sout, size)
            continue
        if r.random() < 0.55:
            current = flick(current, sin, to, size * r.uniform(0.03, 0.075))
        paths.append(current)
        current = []
    paths.append(current)
    return [finish(path, habits, size) for path in paths]


def thread(current, following, gap, sin, sout, size):
    """The light line from a stroke's end to the next one's beginning; it cuts the corners of both."""
    trim = min(len(current) // 7, round(0.05 * size / STEP))
    current = current[: len(current) - trim] if trim else current
    start = (current[-1][0], current[-1][1])
    pull = 0.42 * gap + 0.03 * size
    p1 = (start[0] + sin[0] * pull, start[1] + sin[1] * pull)
    p2 = (following[0][0] - sout[0] * pull * 0.6, following[0][1] - sout[1] * pull * 0.6)
    count = max(3, round((gap + 0.06 * size) / STEP))
    curve = bezier(start, p1, p2, following[0], count)
    return current + [(x, y, 0.26 + 0.24 * (2 * k / count - 1) ** 2) for k, (x, y) in enumerate(curve)]


def flick(current, sin, to, distance):
    """The pen leaves the paper already on its way to the next stroke."""
    x, y, _ = current[-1]
    count = max(2, round(distance / STEP))
    out = list(current)
    for k in range(1, count + 1):
        w = k / count
        dx, dy = sin[0] * (1 - w) + to[0] * w, sin[1] * (1 - w) + to[1] * w
        x, y = x + dx * STEP, y + dy * STEP
        out.append((x, y, 0.5 * (1 - w) + 0.08))
    return out


def finish(path, habits, size):
    """Rounds what joining left sharp."""
    if len(path) < 5:
        return path
    return soften(path, round(0.6 * habits.round * size / STEP))


def fit(paths, width, height):
    """Shrinks the ink to the pad if it is too large, and puts it where a person would."""
    xs = [p[0] for path in paths for p in path]
    ys = [p[1] for path in paths for p in path]
    left, right, top, bottom = min(xs), max(xs), min(ys), max(ys)
    scale = min(1.0, 0.9 * width / (right - left), 0.84 * height / (bottom - top))
    dx = (width - (right - left) * scale) * 0.46 - left * scale
    dy = (height - (bottom - top) * scale) * 0.5 - top * scale
    return [[(x * scale + dx, y * scale + dy, w) for x, y, w in path] for path in paths]


def clock(paths, habits, r):
    """Moves the pen along its paths: slower in bends (the two-thirds power law), gathering and losing speed at the ends."""
    now, strokes, last = 0.0, [], None
    for path in paths:
        if last is not None:
            away = math.dist(last, path[0][:2])
            now += 45 + 1000 * away / (1.5 * habits.speed) + r.uniform(0, 35)
        timed = pace(path, habits, r, now)
        strokes.append(sample(timed, habits, r))
        now = timed[-1][2]
        last = path[-1][:2]
    return strokes


def pace(path, habits, r, now):
    """(x, y, t, weight, speed) for each point of a path."""
    plain = [(x, y) for x, y, _ in path]
    total = max(length(plain), 1.0)
    speeds, walked = [], 0.0
    for i in range(len(path)):
        if i:
            walked += math.dist(plain[i - 1], plain[i])
        bent = (1 + 34 * curvature(plain, i, 4)) ** (-1 / 3)
        ends = min(1.0, 0.38 + walked / 46, 0.30 + (total - walked) / 38)
        light = 1.25 if path[i][2] < 0.6 else 1.0
        speeds.append((habits.speed * bent * ends * light,))
    speeds = [s[0] for s in soften(speeds, 9)]
    out, t = [], now
    for i, (x, y, weight) in enumerate(path):
        if i:
            t += 1000 * math.dist(plain[i - 1], plain[i]) / max(60.0, (speeds[i - 1] + speeds[i]) / 2)
        out.append((x, y, t, weight, speeds[i]))
    return out


def sample(timed, habits, r):
    """What a touch screen reports: a point every eight milliseconds or so, with a trace of tremor."""
    start, end = timed[0][2], timed[-1][2]
    marks, t = [start], start
    while t < end:
        t += 8.33
        marks.append(min(t, end))
    phase, out, at = (r.uniform(0, 6.28), r.uniform(0, 6.28)), [], 0
    for mark in marks:
        while at < len(timed) - 2 and timed[at + 1][2] < mark:
            at += 1
        a, b = timed[at], timed[min(at + 1, len(timed) - 1)]
        w = 0.0 if b[2] == a[2] else min(1.0, max(0.0, (mark - a[2]) / (b[2] - a[2])))
        x, y, weight, speed = (a[k] + (b[k] - a[k]) * w for k in (0, 1, 3, 4))
        tremor = (0.45 * math.sin(mark / 17 + phase[0]), 0.45 * math.sin(mark / 14 + phase[1]))
        down = min(1.0, 0.35 + (mark - start) / 42)
        up = min(1.0, 0.28 + (end - mark) / 55)
        slow = 1.30 - 0.52 * min(1.4, speed / habits.speed)
        press = habits.press * weight * down * up * slow * 1.25 + r.gauss(0, 0.008)
        out.append((x + tremor[0], y + tremor[1], mark, min(1.0, max(0.04, press))))
    return out
