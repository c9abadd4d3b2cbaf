"""Unit 11, the questions at the end of the notebook, with their answers. They are part of ``convolution``, and of its stub."""

from __future__ import annotations


def question_parameters() -> int:
    """Count the parameters of a convolution layer, biases included. Return the number.

    The input has 3 channels of 32 by 32 pixels; the layer has 16 filters of 5 by 5 pixels, stride 1 and no padding.
    """
    return 16 * (3 * 5 * 5 + 1)


def question_flip() -> str:
    """Choose what it means that nets compute a cross-correlation, and not the convolution of mathematics. Return one letter.

    (a) A net that is trained with one of the two can represent functions that it cannot with the other.
    (b) The filters are stored turned by 180°, and the functions that can be learnt are the same.
    (c) The gradient with respect to the input is right for the convolution of mathematics only.
    (d) It is only a name: the two are equal for each filter.
    """
    return "b"


def question_shifts() -> list[str]:
    """Choose all layers that a shift goes through: shift the image by one pixel, and the output is shifted by one.

    Leave the borders out of account.
    (a) a convolution with stride 1   (b) a convolution with stride 2   (c) a ReLU   (d) max pooling with stride 1
    (e) an affine layer on the flattened image
    Return the list of their letters in alphabetical order, such as ["b", "c"].
    """
    return ["a", "c", "d"]


def question_pool_gradients() -> str:
    """Choose what is true of the gradients of pooling layers with windows of 2 by 2 and stride 2. Return one letter.

    (a) Both hand the gradient of a window to its largest entry.
    (b) In max pooling all four entries of a window get the gradient of the window, in average pooling a quarter of it.
    (c) In both the entries of dx in a window add up to the entry of dout that belongs to it.
    (d) In average pooling each entry gets a share in proportion to its value.
    """
    return "c"


def question_im2col_entries() -> int:
    """Count the entries of the matrix that ``im2col`` makes. Return the number.

    The batch is (1, 8, 32, 32), the filters are 3 by 3, with stride 1 and pad 1.
    """
    return 32 * 32 * 8 * 9


def question_same_padding() -> str:
    """Write the padding that keeps the size of an image at stride 1, as a formula in K and D. Return it as text.

    K is the number of rows of the filter, an odd number, and D the dilation: OH = 1 + H + 2P − D·(K − 1) − 1
    is to be H.
    """
    return "D * (K - 1) / 2"


def question_symptoms() -> dict[str, str]:
    """Match what a gradient check of a convolution layer shows with the mistake.

    (a) All of it is right as long as the windows do not overlap; where they do, dx is wrong, and dw is still right.
    (b) dw and db are right everywhere; dx is right without padding and is shifted with it.
    (c) All of it is right at stride 1; at stride 2 both dx and dw are wrong.
    (d) All of it is right for square images with square filters; for others it fails.
    (1) Height and width are swapped somewhere.   (2) The padding is cut off at the wrong side.
    (3) The windows are taken one pixel apart.   (4) Windows overwrite each other's gradients.
    Return a dict from each letter to a digit, such as {"a": "1", "b": "2", "c": "3", "d": "4"}; each digit is
    used once.
    """
    return {"a": "4", "b": "2", "c": "3", "d": "1"}


def question_transposed() -> str:
    """Choose what a transposed convolution does. Return one letter.

    (a) It gives back the input of the convolution with the same filters.
    (b) It gives back the input if the convolution had stride 1 and no padding.
    (c) It does what the backward pass of the convolution with the same filters does to dout.
    (d) It is the convolution with rows and columns of its output exchanged.
    """
    return "c"
