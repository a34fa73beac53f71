package Koha::Plugin::Org::Commonplace::ReadingHistory::Loans;

# Turns a row of the queue into the event that Commonplace reads, with the title as the catalogue has it now.

use strict;
use warnings;

use Koha::Items;
use Koha::Patrons;

# By Koha's common item types; any other is sent in lower case as it stands.
my %format_of = (
    BK    => 'book',
    LP    => 'large-print',
    CF    => 'software',
    CR    => 'serial',
    MU    => 'music',
    MP    => 'map',
    VM    => 'film',
    REF   => 'book',
    AUDIO => 'audiobook',
    DVD   => 'film',
    CD    => 'music',
);

my %longest = ( title => 2000, author => 1000, isbn => 20, format => 40, callNumber => 200, subject => 300 );

sub new {
    my ( $class, $args ) = @_;
    return bless { patron_id => $args->{patron_id} }, $class;
}

# The event, or nothing where it can't be told any more: the patron is gone, or a check-out's item is.
sub event_of {
    my ( $self, $row ) = @_;
    my %event = ( type => $row->{event}, loan => "$row->{issue_id}", day => $row->{day} );
    if ( defined $row->{borrowernumber} ) {
        my $patron = $self->_patron_id( $row->{borrowernumber} );
        return unless defined $patron;
        $event{patron} = $patron;
    }
    $event{due} = $row->{due} if defined $row->{due};
    my $record = _record( $row->{itemnumber} );
    $event{record} = $record if $record;
    return if $row->{event} eq 'checkout' && !$record;
    return \%event;
}

# The same id that the sign-in of the library's connector returns.
sub _patron_id {
    my ( $self, $borrowernumber ) = @_;
    return "$borrowernumber" if $self->{patron_id} eq 'borrowernumber';
    my $patron = Koha::Patrons->find($borrowernumber) or return;
    my $id     = $self->{patron_id} eq 'userid' ? $patron->userid : $patron->cardnumber;
    return defined $id && $id ne q{} ? $id : undef;
}

sub _record {
    my ($itemnumber) = @_;
    return unless defined $itemnumber;
    my $item   = Koha::Items->find($itemnumber) or return;
    my $biblio = $item->biblio                  or return;
    my $title  = join q{ }, grep { defined && /\S/ } $biblio->title, $biblio->subtitle;
    return unless $title =~ /\S/;
    my $type   = $item->effective_itemtype // q{};
    my ($isbn) = split /\s*\|\s*/, $biblio->biblioitem->isbn // q{};
    my %record = (
        recordId   => $biblio->biblionumber . q{},
        title      => _tidy($title),
        author     => _tidy( $biblio->author ),
        isbn       => $isbn,
        format     => $format_of{ uc $type } // lc $type,
        callNumber => $item->itemcallnumber,
    );
    for my $field ( keys %record ) {
        my $text = $record{$field};
        delete $record{$field} unless defined $text && $text =~ /\S/;
        $record{$field} = substr $text, 0, $longest{$field}
            if defined $record{$field} && $longest{$field} && length $text > $longest{$field};
    }
    my @subjects = _subjects($biblio);
    $record{subjects} = \@subjects if @subjects;
    return \%record;
}

# MARC 21 650 $a, without its closing full stop; at most fifty.
sub _subjects {
    my ($biblio) = @_;
    my $marc = eval { $biblio->metadata->record } or return;
    my @subjects = grep { defined && /\S/ } map { _tidy( $_->subfield('a') ) } $marc->field('650');
    my %seen;
    my @distinct = grep { !$seen{$_}++ } map { substr $_, 0, $longest{subject} } @subjects;
    return @distinct > 50 ? @distinct[ 0 .. 49 ] : @distinct;
}

# Without the punctuation that ISBD puts at the end of an element.
sub _tidy {
    my ($text) = @_;
    return undef unless defined $text;
    $text =~ s{\s*[/:;,=]\s*$}{};
    $text =~ s{(?<=\w\w)\.\s*$}{};
    $text =~ s{^\s+|\s+$}{}g;
    return $text;
}

1;
