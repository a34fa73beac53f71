# What the hook leaves in the queue.
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/lib", "$FindBin::Bin/..";
use Test::More;
use Thing;
use Koha::Plugin::Org::Commonplace::ReadingHistory::Circulation;

sub noted {
    my (%given) = @_;
    return Koha::Plugin::Org::Commonplace::ReadingHistory::Circulation::note(
        { action => 'checkout', today => '2026-11-20', attribute => q{}, %given } );
}

my %columns = (
    issue_id        => 104_233,
    borrowernumber  => 51,
    itemnumber      => 812,
    issuedate       => '2026-11-02 23:58:10',
    date_due        => '2026-11-23 23:59:00',
    lastreneweddate => undef,
);
my $checkout = Thing->new(%columns);

is_deeply(
    noted( checkout => $checkout ),
    { event => 'checkout', issue_id => 104_233, borrowernumber => 51, itemnumber => 812, day => '2026-11-02', due => '2026-11-23', queued => '2026-11-20' },
    'a check-out is noted by ids and calendar days'
);
is_deeply(
    noted( action => 'renewal', checkout => Thing->new( %columns, lastreneweddate => '2026-11-19 09:00:00' ) ),
    { event => 'renewal', issue_id => 104_233, borrowernumber => 51, itemnumber => 812, day => '2026-11-19', due => '2026-11-23', queued => '2026-11-20' },
    'a renewal is noted on the day of the renewal'
);
my %returned = ( issue_id => 104_233, borrowernumber => 51, itemnumber => 812, returndate => '2026-11-20 10:00:00' );
is_deeply(
    noted( action => 'checkin', checkout => Thing->new(%returned) ),
    { event => 'return', issue_id => 104_233, borrowernumber => 51, itemnumber => 812, day => '2026-11-20', due => undef, queued => '2026-11-20' },
    'a return is noted with its patron'
);
is( noted( action => 'checkin', checkout => Thing->new( %returned, borrowernumber => undef ) )->{borrowernumber},
    undef, 'a return that Koha anonymised is noted without a patron' );
is( noted( action => 'checkin', anonymous_patron => 51, checkout => Thing->new(%returned) )->{borrowernumber},
    undef, q{the library's anonymous patron is nobody} );
is( noted( action => 'checkin_no_issue', checkout => $checkout ), undef, 'a check-in without a loan is no event' );
is( noted( action => 'checkout', checkout => undef ), undef, 'a hook without a checkout is no event' );

my $taking_part = Thing->new( get_extended_attribute => sub { return Thing->new( attribute => 1 ) } );
my $declined    = Thing->new( get_extended_attribute => sub { return Thing->new( attribute => 0 ) } );
my $never_asked = Thing->new( get_extended_attribute => sub { return } );
for my $case ( [ $taking_part, 1 ], [ $declined, 0 ], [ $never_asked, 0 ] ) {
    my ( $patron, $expected ) = @{$case};
    my $noted = noted( attribute => 'HISTORY', checkout => Thing->new( %columns, patron => $patron ) );
    is( $noted ? 1 : 0, $expected, 'with an attribute set, only patrons who have it are noted' );
}

done_testing;
