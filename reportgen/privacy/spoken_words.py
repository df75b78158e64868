"""Words of which pseudonyms are made: short, plain, unlike one another, and none that says anything of a patient."""

FIRST = tuple(
    """
    amber ample ancient apt azure bashful bold brave breezy bright brisk bronze calm careful
    cheerful chilly clear clever cloudy coastal copper coral cosy crimson crisp curious dapper
    daring dawn deep distant dotted eager early earnest eastern easy elder emerald even fair
    faithful famous festive fine firm fleet fond fresh frosty gentle gilded glad gleaming golden
    good graceful grand grateful green happy hardy hazel hearty honest humble indigo ivory jade
    jolly jovial keen kind lively lofty loyal lucky lunar magenta maple mellow merry mild mindful
    misty modest mossy neat nimble noble northern olive opal open orange peaceful pearl placid plain
    pleasant plucky polite proud quick quiet rapid ready robust rosy royal ruby rural russet rustic
    sable sandy scarlet serene sharp shy silent silver simple sincere sleek smooth snowy sober
    """.split()  # noqa: SIM905
)
SECOND = tuple(
    """
    acorn alder anchor antelope apple apricot arrow aspen badger balcony bamboo banjo barley basil
    beacon beaver beech birch bison bluebell boulder bramble breeze bridge brook buffalo bugle
    button cabin camel candle canoe canyon carp carrot castle cedar cello cherry chestnut chimney
    clover cobble comet condor copse cottage crane cricket crocus curlew cypress daisy dolphin
    donkey dormouse dune eagle elk elm falcon fern ferret fiddle finch flute forest fountain fox
    garden gazelle gecko geyser ginger glacier goose grove gull hamlet harbour harp hawk heather
    hedge heron hill ibis iris island ivy jackdaw jasmine juniper kayak kestrel kettle kite lagoon
    lantern lark laurel lemon lichen lilac lime linden lotus lynx magpie mango marble marten meadow
    mill moose moth mulberry mustang myrtle nettle newt nutmeg oak oasis orchard orchid osprey otter
    """.split()  # noqa: SIM905
)
