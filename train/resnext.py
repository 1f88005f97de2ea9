"""ResNeXt for CIFAR-10 with PyTorch's usual names, so that Cardinal reads what is trained here.

After Xie et al., "Aggregated Residual Transformations for Deep Neural Networks" (2017), section 5.2: a 3x3 stem, three
stages of bottleneck blocks, and the grouped 3x3 convolution with the stride in the middle of each block.
"""
import torch.nn as nn
import torch.nn.functional as F

EXPANSION = 4
STEM_CHANNELS = 64


class Block(nn.Module):
    """1x1, grouped 3x3, 1x1, and the shortcut, each convolution followed by batch norm."""

    def __init__(self, in_channels, planes, stride, cardinality, base_width):
        super().__init__()
        width = int(planes * base_width / 64) * cardinality
        out_channels = planes * EXPANSION
        self.conv1 = nn.Conv2d(in_channels, width, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(width)
        self.conv2 = nn.Conv2d(width, width, 3, stride, padding=1, groups=cardinality, bias=False)
        self.bn2 = nn.BatchNorm2d(width)
        self.conv3 = nn.Conv2d(width, out_channels, 1, bias=False)
        self.bn3 = nn.BatchNorm2d(out_channels)
        self.downsample = None
        if stride != 1 or in_channels != out_channels:
            self.downsample = nn.Sequential(
                nn.Conv2d(in_channels, out_channels, 1, stride, bias=False), nn.BatchNorm2d(out_channels))

    def forward(self, x):
        y = F.relu(self.bn1(self.conv1(x)))
        y = F.relu(self.bn2(self.conv2(y)))
        y = self.bn3(self.conv3(y))
        return F.relu(y + (x if self.downsample is None else self.downsample(x)))


class ResNeXt(nn.Module):
    """Logits of 32x32 pictures; stages of 64, 128, 256 ... planes, four times as many channels out."""

    def __init__(self, blocks=(2, 2, 2), strides=(2, 2, 2), cardinality=8, base_width=8, num_classes=10):
        super().__init__()
        self.conv1 = nn.Conv2d(3, STEM_CHANNELS, 3, padding=1, bias=False)
        self.bn1 = nn.BatchNorm2d(STEM_CHANNELS)
        channels, self.stages = STEM_CHANNELS, len(blocks)
        for stage, (count, stride) in enumerate(zip(blocks, strides)):
            planes, layer = 64 << stage, []
            for index in range(count):
                layer.append(Block(channels, planes, stride if index == 0 else 1, cardinality, base_width))
                channels = planes * EXPANSION
            setattr(self, f"layer{stage + 1}", nn.Sequential(*layer))
        self.fc = nn.Linear(channels, num_classes)
        self.initialise()

    def initialise(self):
        """Kaiming's for convolutions; the last batch norm of a block at zero, so that it starts as its shortcut."""
        for module in self.modules():
            if isinstance(module, nn.Conv2d):
                nn.init.kaiming_normal_(module.weight, mode="fan_out", nonlinearity="relu")
        for module in self.modules():
            if isinstance(module, Block):
                nn.init.zeros_(module.bn3.weight)

    def forward(self, x):
        x = F.relu(self.bn1(self.conv1(x)))
        for stage in range(self.stages):
            x = getattr(self, f"layer{stage + 1}")(x)
        return self.fc(x.mean((2, 3)))

    def multiply_adds(self, side=32):
        """Of the convolutions and the last layer, for one picture: what Cardinal's graph counts."""
        total = 0

        def count(module, inputs, output):
            nonlocal total
            if isinstance(module, nn.Conv2d):
                total += output[0].numel() * module.weight[0].numel()
            elif isinstance(module, nn.Linear):
                total += module.weight.numel()

        hooks = [module.register_forward_hook(count) for module in self.modules()]
        training = self.training
        self.eval()
        self(self.conv1.weight.new_zeros(1, 3, side, side))
        self.train(training)
        for hook in hooks:
            hook.remove()
        return total
