"""What a logo may hold, and what becomes of it."""

import pytest
from defusedxml.common import EntitiesForbidden

from reportgen.render.html.logo_svg import checked, markup


def drawing(inner: str, root: str = 'viewBox="0 0 10 10"') -> str:
    return f'<svg xmlns="http://www.w3.org/2000/svg" {root}>{inner}</svg>'


@pytest.mark.parametrize(
    "inner",
    [
        "<script>alert(1)</script>",
        "<foreignObject><p>x</p></foreignObject>",
        '<rect onclick="alert(1)"/>',
        '<use href="https://example.org/x.svg#a"/>',
        '<use xmlns:x="http://www.w3.org/1999/xlink" x:href="//example.org/x#a"/>',
        '<rect fill="url(https://example.org/#a)"/>',
        '<rect style="fill: url(data:image/png;base64,AA)"/>',
        '<rect style="background: red"/>',
        '<image href="data:image/png;base64,AA"/>',
        "<animate/>",
        '<a href="javascript:alert(1)"><rect/></a>',
        '<x:script xmlns:x="http://www.w3.org/1999/xhtml">1</x:script>',
        '<text style="font: nonsense">x</text>',
    ],
)
def test_what_a_logo_may_not_hold_is_refused(inner):
    with pytest.raises(ValueError, match="a logo may not"):
        checked(drawing(inner), "f-")


def test_a_logo_must_be_an_svg_with_a_view_box():
    with pytest.raises(ValueError, match="viewBox"):
        checked(drawing("", root=""), "f-")
    with pytest.raises(ValueError, match="viewBox"):
        checked('<g xmlns="http://www.w3.org/2000/svg"/>', "f-")


def test_entities_are_refused():
    with pytest.raises(EntitiesForbidden):
        checked(f'<!DOCTYPE svg [<!ENTITY a "b">]>{drawing("<text>&a;</text>")}', "f-")


DRAWN = """<?xml version="1.0" encoding="utf-8" standalone="no"?>
<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" viewBox="0 0 90 40" version="1.1">
<defs><style>*{stroke-linejoin: round}</style><clipPath id="clip"><rect x="24" y="8" width="50" height="9"/></clipPath>
</defs><g id="axes_1"><path d="M 24 12 H 70 V 30" clip-path="url(#clip)" style="fill: none; stroke-width: 1.2"/>
<text style="font: 600 8px 'Source Sans Pro'" x="28" y="9" fill="#0072b2">PFS &amp; &lt;b&gt;</text></g></svg>"""


def test_styles_become_attributes_and_ids_are_the_figures_own():
    drawn = markup(checked(DRAWN, "f1-"), role="img", aria_label='says "x"')
    assert "style" not in drawn and "<defs>" in drawn
    assert 'id="f1-clip"' in drawn and 'clip-path="url(#f1-clip)"' in drawn
    assert (
        'font-size="8px"' in drawn
        and 'font-family="Source Sans Pro"' in drawn
        and 'font-weight="600"' in drawn
    )
    assert "PFS &amp; &lt;b&gt;" in drawn and 'aria-label="says &quot;x&quot;"' in drawn


def test_translucent_colours_become_the_lighter_colour_itself():
    inner = (
        '<g opacity="0.5"><rect fill="#000" stroke="#0072B2" stroke-opacity="0.5"/></g><rect fill="#fff"/>'
    )
    root = checked(drawing(inner), "f-")
    assert [element.get("fill") for element in root.iter("rect")] == ["#808080", "#ffffff"]
    assert "opacity" not in markup(root)
    assert {element.get("stroke") for element in root.iter("rect")} == {"#bfdcec", None}


def test_a_text_is_made_writable_with_its_tails():
    root = checked(drawing("<text>a<tspan>b</tspan>c</text>"), "f-", str.upper)
    assert "".join(root.itertext()) == "ABC"
