"""What happens to a sheet between the printer and the mail: scanners, phones, screens and messengers, by seed."""

import io
import random
from collections.abc import Callable

import numpy as np
from PIL import Image, ImageChops, ImageDraw, ImageEnhance, ImageFilter
from tests.support.papers_sheet import Sheet, font, jpeg

_DESK = (96, 84, 70)


def _clean(sheet: Sheet, rng: random.Random) -> bytes:
    return sheet.jpg(rng.choice((150, 200)), 90)


def _scan_300(sheet: Sheet, rng: random.Random) -> bytes:
    return sheet.jpg(300, rng.randint(60, 85))


def _coarse(sheet: Sheet, rng: random.Random) -> bytes:
    """A scan at the edge of what can be read."""
    return sheet.jpg(rng.choice((75, 82, 90)), 88)


def _squeezed(sheet: Sheet, rng: random.Random) -> bytes:
    """Through a messenger: JPEG quality 30."""
    return sheet.jpg(rng.choice((110, 130)), rng.randint(30, 40))


def _phone(sheet: Sheet, rng: random.Random) -> bytes:
    """A phone held over the desk: trapezium, shadow of the hand, noise, a little out of focus."""
    flat = _trapezium(sheet.image(130), rng, 0.03)
    soft = _noisy(_shadowed(flat, rng).filter(ImageFilter.GaussianBlur(rng.uniform(0.5, 0.9))), rng, 9)
    return jpeg(soft, rng.randint(60, 85))


def _dim(sheet: Sheet, rng: random.Random) -> bytes:
    """Low light: a quarter of the brightness, with the noise that comes along."""
    dark = ImageEnhance.Brightness(sheet.image(130)).enhance(rng.uniform(0.22, 0.35))
    return jpeg(_noisy(dark, rng, 5), 80)


def _tilted(sheet: Sheet, rng: random.Random) -> bytes:
    turned = sheet.image(130).rotate(
        rng.choice((-1, 1)) * rng.uniform(1.5, 3.5), expand=True, fillcolor="white", resample=Image.Resampling.BICUBIC
    )
    return jpeg(turned, 85)


def _perspective(sheet: Sheet, rng: random.Random) -> bytes:
    return jpeg(_trapezium(sheet.image(140), rng, 0.07), 85)


def _turned(sheet: Sheet, rng: random.Random) -> bytes:
    """On its side or on its head, without an EXIF mark to say so."""
    return jpeg(sheet.image(120).rotate(rng.choice((90, 180, 270)), expand=True), 85)


def _screenshot(sheet: Sheet, rng: random.Random) -> bytes:
    """A viewer's window on a screen, as PNG."""
    page = sheet.image(rng.choice((92, 100)))
    screen = Image.new("RGB", (page.width + 160, page.height + 120), (205, 205, 210))
    draw = ImageDraw.Draw(screen)
    draw.rectangle((0, 0, screen.width, 46), fill=(60, 66, 80))
    draw.text((16, 10), f"文件  编辑  查看  {rng.randint(1, 9)} / 9", font=font(18), fill="white")
    screen.paste(page, (80, 74))
    out = io.BytesIO()
    screen.save(out, "PNG")
    return out.getvalue()


MEDIA: dict[str, Callable[[Sheet, random.Random], bytes]] = {
    "clean": _clean,
    "scan 300": _scan_300,
    "phone": _phone,
    "low light": _dim,
    "tilted": _tilted,
    "perspective": _perspective,
    "turned": _turned,
    "jpeg q30": _squeezed,
    "75 dpi": _coarse,
    "screenshot": _screenshot,
}


def damaged(sheet: Sheet, medium: str, seed: int) -> bytes:
    """The sheet as a picture that came that way: JPEG, a screenshot as PNG."""
    return MEDIA[medium](sheet, random.Random(f"{medium} {seed}"))


def _trapezium(page: Image.Image, rng: random.Random, most: float) -> Image.Image:
    """The page seen at an angle, corners off by up to `most` of the width, on a desk."""
    room = round(max(page.size) * most) + 4
    desk = Image.new("RGB", (page.width + 2 * room, page.height + 2 * room), _DESK)
    corners = [(0, 0), (page.width, 0), (page.width, page.height), (0, page.height)]
    bent = [
        (x + room + rng.uniform(-1, 1) * room * 0.9, y + room + rng.uniform(-1, 1) * room * 0.9) for x, y in corners
    ]
    back = _coefficients(bent, corners)
    seen = page.transform(desk.size, Image.Transform.PERSPECTIVE, back, Image.Resampling.BICUBIC)
    mask = Image.new("L", page.size, 255).transform(desk.size, Image.Transform.PERSPECTIVE, back)
    desk.paste(seen, (0, 0), mask)
    return desk


def _coefficients(where: list[tuple[float, float]], come_from: list[tuple[int, int]]) -> list[float]:
    rows: list[list[float]] = []
    for (x, y), (u, v) in zip(where, come_from, strict=True):
        rows += [[x, y, 1, 0, 0, 0, -u * x, -u * y], [0, 0, 0, x, y, 1, -v * x, -v * y]]
    values = [float(part) for corner in come_from for part in corner]
    return [float(c) for c in np.linalg.solve(np.array(rows), np.array(values))]


def _shadowed(page: Image.Image, rng: random.Random) -> Image.Image:
    shade = Image.linear_gradient("L").rotate(rng.choice((0, 90, 180, 270))).resize(page.size)
    light = shade.point(lambda v: 120 + v * 135 // 255)
    return ImageChops.multiply(page, Image.merge("RGB", (light, light, light)))


def _noisy(page: Image.Image, rng: random.Random, sigma: float) -> Image.Image:
    grains = np.random.default_rng(rng.getrandbits(32)).normal(0, sigma, (page.height, page.width, 1))
    return Image.fromarray(np.clip(np.asarray(page, dtype=np.float32) + grains, 0, 255).astype(np.uint8))
