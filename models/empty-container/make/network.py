"""The network of empty-container verification.

Input  [N, planes, rows, columns]: steel-equivalent areal density, g/cm2, pixels of 10 mm (planes: high, low).
Output [N, 3, rows/2, columns/2]: logits of load, of harmless things and of the container's inside, cells of 20 mm.
Rows and columns are multiples of 32.
"""

import torch
from torch import nn
from torch.nn import functional as F

# Space to depth at the door: full-resolution convolutions would be most of the cost on a CPU.
FOLD = 4
WIDTHS = (16, 40, 64, 96)


def block(inputs, outputs, size=3):
    return nn.Sequential(
        nn.Conv2d(inputs, outputs, size, padding=size // 2, bias=False),
        nn.BatchNorm2d(outputs),
        nn.ReLU(inplace=True),
    )


def twice(inputs, outputs):
    return nn.Sequential(block(inputs, outputs), block(outputs, outputs))


def narrowed(inputs, outputs):
    """Many channels are first made few: 3 by 3 of all of them would be most of the cost."""
    return nn.Sequential(block(inputs, outputs, 1), block(outputs, outputs))


class EmptyContainer(nn.Module):
    def __init__(self, planes=2, widths=WIDTHS):
        super().__init__()
        a, b, c, d = widths
        self.planes = planes
        self.down0 = nn.Sequential(narrowed((2 * planes) * FOLD**2, a), block(a, a))
        self.down1 = twice(a, b)
        self.down2 = twice(b, c)
        self.down3 = twice(c, d)
        self.up2 = narrowed(d + c, c)
        self.up1 = narrowed(c + b, b)
        self.up0 = narrowed(b + a, a)
        self.head = nn.Conv2d(a, 3 * (FOLD // 2) ** 2, 1)

    def features(self, x):
        """Thin things matter as much as thick ones: one channel is of tenths of g/cm2, one of tens."""
        high = x[:, :1]
        thin = torch.clamp(high, -1.0, 8.0) / 4.0
        deep = torch.log1p(torch.clamp(high, 0.0, 400.0) / 4.0) / 2.0
        if self.planes == 1:
            return torch.cat([thin, deep], 1)
        excess = x[:, 1:] - high
        thin_excess = torch.clamp(excess, -1.0, 1.0) * 2.0
        ratio = torch.clamp(excess / (torch.clamp(high, 0.0, 400.0) + 4.0), -0.3, 0.3) * 10.0
        return torch.cat([thin, deep, thin_excess, ratio], 1)

    def forward(self, x):
        first = self.down0(F.pixel_unshuffle(self.features(x[:, : self.planes]), FOLD))
        second = self.down1(F.max_pool2d(first, 2))
        third = self.down2(F.max_pool2d(second, 2))
        deep = self.down3(F.max_pool2d(third, 2))
        third = self.up2(torch.cat([larger(deep), third], 1))
        second = self.up1(torch.cat([larger(third), second], 1))
        first = self.up0(torch.cat([larger(second), first], 1))
        return F.pixel_shuffle(self.head(first), FOLD // 2)


def larger(x):
    return F.interpolate(x, scale_factor=2.0, mode="nearest")
