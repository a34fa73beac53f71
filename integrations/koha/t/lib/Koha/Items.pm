package Koha::Items;

# Stands in for Koha's: the items that a test put on the shelf.

use strict;
use warnings;

our %shelf;

sub find { return $shelf{ $_[1] } }

1;
