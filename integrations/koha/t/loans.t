# From a queue row to the event that Commonplace reads.
use strict;
use warnings;
use utf8;
use FindBin;
use lib "$FindBin::Bin/lib", "$FindBin::Bin/..";
use Test::More;
use Thing;
use Koha::Plugin::Org::Commonplace::ReadingHistory::Loans;

sub heading { my ($text) = @_; return Thing->new( subfield => sub { return $text } ) }

my $marc   = Thing->new( field => sub { return map { heading($_) } 'City and town life.', 'England', 'England', undef } );
my $biblio = Thing->new(
    biblionumber => 812,
    title        => 'Middlemarch :',
    subtitle     => 'a study of provincial life /',
    author       => 'Eliot, George,',
    biblioitem   => Thing->new( isbn => '9780141439549 | 0141439548' ),
    metadata     => Thing->new( record => $marc ),
);
$Koha::Items::shelf{7} = Thing->new( biblio => $biblio, effective_itemtype => 'BK', itemcallnumber => 'FIC ELI' );
$Koha::Patrons::enrolled{51} = Thing->new( cardnumber => '23529000000003', userid => q{} );

my %row = ( id => 1, event => 'checkout', issue_id => 104_233, borrowernumber => 51, itemnumber => 7, day => '2026-11-02', due => '2026-11-23' );

sub event_of {
    my ( $patron_id, %change ) = @_;
    return Koha::Plugin::Org::Commonplace::ReadingHistory::Loans->new( { patron_id => $patron_id } )->event_of( { %row, %change } );
}

is_deeply(
    event_of('borrowernumber'),
    {   type   => 'checkout',
        loan   => '104233',
        patron => '51',
        day    => '2026-11-02',
        due    => '2026-11-23',
        record => {
            recordId   => '812',
            title      => 'Middlemarch : a study of provincial life',
            author     => 'Eliot, George',
            isbn       => '9780141439549',
            format     => 'book',
            callNumber => 'FIC ELI',
            subjects   => [ 'City and town life', 'England' ],
        },
    },
    'a check-out carries the record, without closing punctuation and without repeats'
);
is( event_of('cardnumber')->{patron}, '23529000000003', 'a library that signs in by SIP2 names patrons by card number' );
is( event_of('userid'), undef, 'a patron without the chosen id is not reported under another' );
is( event_of( 'cardnumber', borrowernumber => 99 ), undef, 'a patron who is gone is not reported' );
is( event_of( 'borrowernumber', itemnumber => 99 ), undef, 'a check-out of an item that is gone has no title to report' );

my $return = event_of( 'borrowernumber', event => 'return', borrowernumber => undef, itemnumber => 99, due => undef );
is_deeply(
    $return,
    { type => 'return', loan => '104233', day => '2026-11-02' },
    'a return needs neither a patron nor an item'
);

$Koha::Items::shelf{8} = Thing->new(
    biblio             => Thing->new( %{$biblio}, title => 'x' x 5000, subtitle => undef, author => undef ),
    effective_itemtype => 'BLURAY',
    itemcallnumber     => undef,
);
my $long = event_of( 'borrowernumber', itemnumber => 8 )->{record};
is( length $long->{title}, 2000, 'a long title is cut to what the schema takes' );
is( $long->{format}, 'bluray', 'an item type of the library is sent as it stands' );
ok( !exists $long->{author} && !exists $long->{callNumber}, 'what is not known is left out' );

done_testing;
